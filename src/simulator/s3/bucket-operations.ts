import { answerXml, refuse, tag, texts, urlEncoded } from './answers.ts'
import type { Operate, Operation } from './operation.ts'

/** What is asked about a bucket. */
export const bucketOperations: Partial<Record<Operation, Operate>> = {
  HeadBucket({ response }) {
    response.writeHead(200, { 'content-length': 0 }).end()
  },

  GetBucketVersioning({ response, bucket }) {
    answerXml(
      response,
      'VersioningConfiguration',
      bucket.versioning === undefined ? '' : tag('Status', bucket.versioning),
    )
  },

  PutBucketVersioning({ response, bucket, body }) {
    bucket.versioning = texts(body.toString(), 'Status')[0] === 'Enabled' ? 'Enabled' : 'Suspended'
    response.writeHead(200, { 'content-length': 0 }).end()
  },

  ListObjectsV2({ request, response, bucket, name, query, manners }) {
    const prefix = query.get('prefix') ?? ''
    const delimiter = query.get('delimiter') ?? ''
    const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000, manners.pageSize)
    const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
    if (!(most >= 0)) return refuse(response, 'InvalidArgument', request.method)
    const isEncoded = query.get('encoding-type') === 'url'
    const shown = (text: string) => (isEncoded ? urlEncoded(text) : text)
    const contents: string[] = []
    const folders = new Set<string>()
    let last = ''
    let isTruncated = false
    for (const key of bucket.keys(prefix, after)) {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      const folder = end === -1 ? undefined : key.slice(0, end + delimiter.length)
      if (folder !== undefined && (folders.has(folder) || after.startsWith(folder))) {
        last = key
        continue
      }
      if (contents.length + folders.size >= most) {
        isTruncated = true
        break
      }
      last = key
      const object = bucket.objects.get(key)
      if (folder !== undefined) folders.add(folder)
      else if (object !== undefined)
        contents.push(
          `<Contents>${tag('Key', shown(key))}${tag('LastModified', object.modifiedAt.toISOString())}${tag('ETag', `"${object.etag}"`)}${tag('Size', object.body.length)}${tag('StorageClass', object.headers['x-amz-storage-class'] ?? 'STANDARD')}</Contents>`,
        )
    }
    const common = [...folders].map((folder) => `<CommonPrefixes>${tag('Prefix', shown(folder))}</CommonPrefixes>`)
    const facts = `${tag('Name', name)}${tag('Prefix', shown(prefix))}${tag('MaxKeys', most)}${tag('KeyCount', contents.length + folders.size)}${tag('IsTruncated', isTruncated)}${isEncoded ? tag('EncodingType', 'url') : ''}`
    const next = isTruncated ? tag('NextContinuationToken', last) : ''
    answerXml(response, 'ListBucketResult', facts + next + contents.join('') + common.join(''))
  },

  ListMultipartUploads({ response, bucket, query }) {
    const prefix = query.get('prefix') ?? ''
    const uploads = [...bucket.uploads].filter(([, { key }]) => key.startsWith(prefix))
    const listed = uploads.map(([id, { key }]) => `<Upload>${tag('Key', key)}${tag('UploadId', id)}</Upload>`)
    answerXml(response, 'ListMultipartUploadsResult', tag('IsTruncated', false) + listed.join(''))
  },
}
