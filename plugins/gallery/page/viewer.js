/* One picture of an album's page, large: PhotoSwipe in a native dialog, which keeps the focus. Every picture has an address: #i-KEY. */
globalThis.smugdlGallery = {}
;(() => {
  const items = [...document.querySelectorAll('ul.grid > li')]
  if (items.length === 0 || typeof PhotoSwipe === 'undefined') return

  const dialog = document.createElement('dialog')
  dialog.className = 'viewer'
  dialog.setAttribute('aria-label', 'Picture')
  const live = document.createElement('p')
  live.className = 'live'
  live.setAttribute('aria-live', 'polite')
  const info = document.createElement('div')
  info.className = 'info'
  document.body.append(dialog)

  const slides = items.map((item) => {
    const link = item.querySelector('a')
    const small = item.querySelector('img')
    const src = link.getAttribute('href') ?? small?.getAttribute('src')
    const size = { width: Number(link.dataset.w), height: Number(link.dataset.h) }
    if (link.hasAttribute('data-video') && link.hasAttribute('href'))
      return { html: videoOf(src, small?.getAttribute('src')), video: true, ...size }
    if (src == null) return { html: '<p class="missing">There is no file of this picture here.</p>' }
    return { src, msrc: small?.getAttribute('src') ?? undefined, alt: small?.alt ?? '', ...size }
  })

  function videoOf(src, poster) {
    const video = document.createElement('video')
    video.controls = true
    video.preload = 'none'
    video.src = src
    if (poster) video.poster = poster
    return video.outerHTML
  }

  let open
  function show(index) {
    if (open !== undefined) return open.goTo(index)
    const restore = document.activeElement
    dialog.append(live, info)
    dialog.showModal()
    open = new PhotoSwipe({
      dataSource: slides,
      index,
      appendToEl: dialog,
      trapFocus: false,
      returnFocus: false,
      bgOpacity: 1,
      preload: [1, 1],
      showHideAnimationType: 'none',
      zoomAnimationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? false : 250,
      paddingFn: () => ({ top: 0, bottom: info.offsetHeight, left: 0, right: 0 }),
    })
    open.on('change', () => {
      for (const video of dialog.querySelectorAll('video')) video.pause()
      const item = items[open.currIndex]
      info.replaceChildren(...[...item.querySelector('.facts').childNodes].map((node) => node.cloneNode(true)))
      live.textContent = `${open.currIndex + 1} of ${items.length}: ${item.querySelector('img')?.alt ?? item.textContent}`
      history.replaceState(history.state, '', `#${item.id}`)
    })
    // A file whose sides are not as SmugMug said (it was turned) is shown with its own.
    open.on('loadComplete', ({ content, slide }) => {
      const { naturalWidth, naturalHeight } = content.element ?? {}
      if (!naturalWidth || Math.abs(naturalWidth / naturalHeight - content.width / content.height) < 0.02) return
      Object.assign(content, { width: naturalWidth, height: naturalHeight })
      Object.assign(slide, { width: naturalWidth, height: naturalHeight })
      slide.resize()
    })
    open.on('destroy', () => {
      const item = items[open.currIndex]
      open = undefined
      dialog.close()
      // What opened from a click is one step of its own, which Back takes, too; an address that was opened has none before it.
      if (location.hash === '') history.scrollRestoration = 'auto'
      else if (history.state?.opened) history.back()
      else history.replaceState(null, '', location.pathname + location.search)
      const link = item?.querySelector('a')
      ;(link ?? restore)?.focus({ preventScroll: false })
    })
    open.init()
  }

  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    open?.close()
  })
  for (const [index, item] of items.entries()) {
    const link = item.querySelector('a')
    if (!link.hasAttribute('href') && slides[index].src === undefined) continue
    if (!link.hasAttribute('href')) Object.assign(link, { href: `#${item.id}` })
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
      event.preventDefault()
      // The page stays where the picture looked at last is, and not where the first one was.
      history.scrollRestoration = 'manual'
      history.pushState({ opened: true }, '', `#${item.id}`)
      show(index)
    })
  }
  function fromAddress() {
    const index = items.findIndex(({ id }) => `#${id}` === location.hash)
    if (index !== -1) show(index)
    else if (open !== undefined) open.close()
    else history.scrollRestoration = 'auto'
  }
  addEventListener('popstate', fromAddress)
  fromAddress()
})()
