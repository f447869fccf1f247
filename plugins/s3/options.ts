import { sidecarOptions } from '../../src/exporter/index.ts'

/** What `--set s3.…` takes. No credentials: they would be stored in the catalog and stand in process lists. */
export const options = {
  to: {
    type: 'string',
    default: '',
    help: 'Where to: s3://BUCKET or s3://BUCKET/PREFIX. The bucket must be there; credentials are those of the AWS CLI (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, ~/.aws, roles)',
  },
  endpoint: {
    type: 'string',
    default: '',
    help: "The store's address where it is not AWS: https://s3.eu-central-003.backblazeb2.com; else from AWS_ENDPOINT_URL or the profile",
  },
  region: {
    type: 'string',
    default: '',
    help: 'The region of the bucket; else from AWS_REGION, AWS_DEFAULT_REGION, the profile or the address',
  },
  addressing: {
    type: 'string',
    choices: ['auto', 'path', 'host'],
    default: 'auto',
    help: 'Whether the bucket stands in the path or in the host name of addresses; auto: in the host name at AWS, else in the path',
  },
  path: {
    type: 'string',
    template: 'image',
    default: '{album.path}/{name}',
    help: 'Where each picture goes below the prefix: a template of fields in braces ("smugdl fields" shows them). Another one moves what is there, within the store',
  },
  storageClass: {
    type: 'string',
    default: '',
    help: "The storage class of what is uploaded, such as STANDARD_IA; the bucket's own if empty. None that must be restored before it is read",
  },
  encryption: {
    type: 'string',
    default: '',
    help: "Encryption by the store: AES256, aws:kms or aws:kms:KEY; the bucket's own if empty",
  },
  partSize: {
    type: 'number',
    default: 64,
    help: 'MiB of each part of a file of more than 100 MiB, from 5; more where there would be more than 10,000',
  },
  ...sidecarOptions,
} as const
