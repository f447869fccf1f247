// All pictures in one folder, each with its day in front: 2024-04-30 IMG_1.jpg. Copy it to where `smugdl plugins dir` says.

/** @type {import('../../src/exporter/types.ts').Exporter} */
export default {
  name: 'by-date',
  apiVersion: 1,
  description: 'All pictures in one folder, by date',
  options: {
    undated: { type: 'string', default: 'undated', help: 'What stands in front of a picture without a date' },
  },

  create(context) {
    /** @param {import('../../src/exporter/types.ts').Image} image */
    function pathOf(image) {
      const day = (image.capturedAt ?? image.uploadedAt)?.slice(0, 10) ?? context.options.undated
      return [`${day} ${image.name}`]
    }

    return {
      // Names that clash need no thought: place() gives both a key, and overwrites nothing.
      deliver: (image, file) => context.place(file, pathOf(image)),
      relocate: (delivery, image) => context.move(delivery, pathOf(image)),
    }
  },
}
