import { s3Exporter } from './exporter.ts'
import { copiedAtOnce } from './moving.ts'
import { patience } from './requests.ts'

/** Number of bytes sent in one request: a larger request could not be resumed after a break. */
const putAtOnce = 100 * 1024 * 1024

/** Any S3-compatible object store, with the same promises as a disk. */
export default s3Exporter({ patience, putAtOnce, copiedAtOnce })
