import { sidecarOptions } from '../../src/exporter/index.ts'

/** What `--set s3.…` takes. No credentials: they would be stored in the catalog and stand in process lists. */
export const options = {
  to: {
    type: 'string',
    default: '',
    help: 'Destination: s3://BUCKET or s3://BUCKET/PREFIX. The bucket must exist; credentials are those of the AWS CLI (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, ~/.aws, roles)',
  },
  endpoint: {
    type: 'string',
    default: '',
    help: "The store's address if it is not AWS: https://s3.eu-central-003.backblazeb2.com; else from AWS_ENDPOINT_URL or the profile",
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
    help: 'Whether addresses have the bucket in the path or in the host name; auto: in the host name for AWS, else in the path',
  },
  path: {
    type: 'string',
    template: 'image',
    default: '{album.path}/{name}',
    help: 'Where each picture goes below the prefix: a template of fields in braces ("smugdl fields" shows them). A new template moves what is there, within the store',
  },
  storageClass: {
    type: 'string',
    default: '',
    help: "The storage class for uploads, such as STANDARD_IA; the bucket's own if empty. Not one that must be restored before reading",
  },
  encryption: {
    type: 'string',
    default: '',
    help: "Encryption by the store: AES256, aws:kms or aws:kms:KEY; the bucket's own if empty",
  },
  partSize: {
    type: 'number',
    default: 64,
    help: 'Size in MiB of the parts of a file of more than 100 MiB, at least 5; larger if there would be more than 10,000 parts',
  },
  ...sidecarOptions,
} as const
