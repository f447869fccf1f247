import { expect, test } from 'vitest'
import { imageFileName } from '../../src/exporter/image-file-name.ts'

test.each([
  ['as uploaded', { fileName: 'IMG_0042.JPG', format: 'JPG' }, undefined, 'IMG_0042.JPG'],
  ['by its key when it has no name', { fileName: '', format: 'JPG' }, undefined, 'kQ3v9Zt.jpg'],
  ['by its key when its name is blank', { fileName: '  ', format: 'PNG' }, undefined, 'kQ3v9Zt.png'],
  ['by its key when its name is an extension', { fileName: '.JPG', format: 'JPG' }, undefined, 'kQ3v9Zt.JPG'],
  ['by its key alone when nothing is known', { fileName: '' }, undefined, 'kQ3v9Zt'],
  ['by its key with the extension of what is downloaded', { fileName: '', format: 'MOV' }, 'MP4', 'kQ3v9Zt.mp4'],
  ['as a transcode', { fileName: 'clip.MOV', format: 'MP4' }, 'mp4', 'clip.mp4'],
  ['as uploaded when only case differs', { fileName: 'clip.MP4', format: 'MP4' }, 'mp4', 'clip.MP4'],
  ['as uploaded when both extensions mean one type', { fileName: 'a.jpeg', format: 'JPG' }, 'JPG', 'a.jpeg'],
  ['with an extension that came with its dot', { fileName: 'clip.avi' }, '.mp4', 'clip.mp4'],
  ['with an added extension when it had none', { fileName: 'clip' }, 'mp4', 'clip.mp4'],
  ['without losing what is no extension', { fileName: '2009.05.12' }, 'mp4', '2009.05.12.mp4'],
  ['without an extension when it was uploaded so', { fileName: 'IMG_0042', format: 'JPG' }, undefined, 'IMG_0042'],
  ['so that none is the sidecar of another', { fileName: 'a.jpg.xmp', format: 'JPG' }, undefined, 'a.jpg.xmp.jpg'],
  ['so that none describes an album', { fileName: 'album.JSON', format: 'PNG' }, 'png', 'album.JSON.png'],
  ['with its last extension replaced only', { fileName: 'a.tar.gz' }, 'jpg', 'a.tar.jpg'],
])('imageFileName() names an image %s', (_claim, image, extension, name) => {
  expect(imageFileName({ key: 'kQ3v9Zt', ...image }, extension)).toBe(name)
})
