;(() => {
  const decoded = (base64, Type) => {
    const binary = atob(base64)
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
    return new Type(bytes.buffer)
  }

  smugdlGallery.grid = (data) => {
    const table = {
      albums: data.albums,
      keys: data.keys === '' ? [] : data.keys.split('\n'),
      thumbs: data.thumbs.split('\n'),
      album: decoded(data.album, Uint32Array),
      page: decoded(data.page, Uint16Array),
      ratio: decoded(data.ratio, Uint16Array),
      minute: decoded(data.minute, Int32Array),
    }
    smugdlGallery.table = table
    const list = document.getElementById('timeline')
    if (list !== null) timeline(table, list)
    smugdlGallery.tableCame?.(table)
  }

  /** Where a picture's page and its small picture are, seen from the folder `up` leads out of. */
  smugdlGallery.placeOf = ({ albums, keys, thumbs, album, page }, index, up) => {
    const [key] = albums[album[index]]
    const thumb = thumbs[index]
    return {
      href: `${up}gallery/a/${key}${page[index] === 1 ? '' : `-${page[index]}`}.html#i-${keys[index]}`,
      small:
        thumb === ''
          ? undefined
          : `${up}${thumb === '.' ? `gallery/t/${key}/${keys[index]}.jpg` : thumb.split('/').map(encodeURIComponent).join('/')}`,
    }
  }

  const unknown = -0x80000000
  const monthOf = (minute) =>
    minute === unknown
      ? 'Without a date'
      : new Date(minute * 60_000).toLocaleString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })

  function timeline(table, list) {
    const { ratio, minute, keys, albums, album } = table
    const gap = 4
    const headHeight = 44
    let rows = []
    let drawn = new Map()

    /** Greedy rows of equal height, and a heading where a month begins; each row once, so the time grows with the pictures. */
    function layOut() {
      const width = list.clientWidth
      const wanted = width < 600 ? 110 : 190
      rows = []
      let top = 0
      let month
      for (let first = 0; first < keys.length; ) {
        const current = minute[first] === unknown ? unknown : monthKey(minute[first])
        if (current !== month) {
          month = current
          rows.push({ top, height: headHeight, first, count: 0 })
          top += headHeight
        }
        let sum = 0
        let last = first
        while (last < keys.length && (minute[last] === unknown ? unknown : monthKey(minute[last])) === month) {
          sum += ratio[last] / 1000
          last += 1
          if (sum * wanted + (last - first - 1) * gap >= width) break
        }
        const full = sum * wanted + (last - first - 1) * gap >= width
        const height = full ? (width - (last - first - 1) * gap) / sum : wanted
        rows.push({ top, height, first, count: last - first })
        top += height + gap
        first = last
      }
      list.style.height = `${top}px`
      for (const elements of drawn.values()) for (const element of elements) element.remove()
      drawn = new Map()
      draw()
    }

    const months = new Map()
    function monthKey(minutes) {
      const day = Math.floor(minutes / 1440)
      let key = months.get(day)
      if (key === undefined) {
        const date = new Date(day * 86_400_000)
        key = date.getUTCFullYear() * 12 + date.getUTCMonth()
        months.set(day, key)
      }
      return key
    }

    function rowAt(y) {
      let low = 0
      let high = rows.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (rows[middle].top <= y) low = middle
        else high = middle - 1
      }
      return low
    }

    function draw() {
      const top = scrollY - list.offsetTop
      const from = rowAt(top - innerHeight)
      const to = rowAt(top + 2 * innerHeight)
      for (const [index, elements] of drawn) {
        if (index >= from && index <= to) continue
        for (const element of elements) element.remove()
        drawn.delete(index)
      }
      for (let index = from; index <= to && index < rows.length; index++) {
        if (!drawn.has(index)) drawn.set(index, elementsOf(rows[index]))
      }
    }

    function elementsOf({ top, height, first, count }) {
      const elements = []
      if (count === 0) {
        const head = document.createElement('li')
        head.className = 'month'
        head.textContent = monthOf(minute[first])
        Object.assign(head.style, { top: `${top}px`, height: `${height}px` })
        elements.push(head)
      }
      let left = 0
      for (let index = first; index < first + count; index++) {
        const width = (ratio[index] / 1000) * height
        const item = document.createElement('li')
        item.setAttribute('aria-setsize', String(keys.length))
        item.setAttribute('aria-posinset', String(index + 1))
        Object.assign(item.style, { top: `${top}px`, left: `${left}px`, width: `${width}px`, height: `${height}px` })
        const { href, small } = smugdlGallery.placeOf(table, index, '../')
        const link = document.createElement('a')
        link.href = href
        if (small !== undefined) {
          const image = document.createElement('img')
          image.src = small
          image.alt = `${albums[album[index]][1]}, ${monthOf(minute[index])}`
          link.append(image)
        } else {
          const tile = document.createElement('span')
          tile.className = 'tile'
          tile.textContent = albums[album[index]][1]
          link.append(tile)
        }
        item.append(link)
        elements.push(item)
        left += width + gap
      }
      // In the order of the pictures, whichever way one scrolls: Tab follows the page.
      const after = [...drawn.entries()].filter(([row]) => rows[row].top > top).sort(([a], [b]) => a - b)[0]?.[1]?.[0]
      for (const element of elements) list.insertBefore(element, after ?? null)
      return elements
    }

    function years() {
      const nav = document.querySelector('nav.years')
      const seen = new Set()
      nav.replaceChildren()
      for (let index = 0; index < keys.length; index++) {
        const year = minute[index] === unknown ? 'Undated' : String(Math.floor(monthKey(minute[index]) / 12))
        if (seen.has(year)) continue
        seen.add(year)
        const link = document.createElement('a')
        link.href = `#y-${year}`
        link.textContent = year
        link.dataset.first = String(index)
        nav.append(link)
      }
    }

    function jump() {
      const year = /^#y-(\w+)$/.exec(location.hash)?.[1]
      const link = [...document.querySelectorAll('nav.years a')].find(({ textContent }) => textContent === year)
      if (link === undefined) return
      const row = rows.find(({ first }) => first >= Number(link.dataset.first))
      if (row !== undefined) scrollTo({ top: list.offsetTop + row.top })
    }

    let width = 0
    let frame = 0
    addEventListener('scroll', () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(draw)
    })
    new ResizeObserver(() => {
      if (list.clientWidth === width) return
      width = list.clientWidth
      layOut()
    }).observe(list)
    years()
    width = list.clientWidth
    layOut()
    addEventListener('hashchange', jump)
    document.querySelector('nav.years').addEventListener('click', (event) => {
      if (event.target instanceof HTMLAnchorElement && event.target.hash === location.hash) jump()
    })
    jump()
  }
})()
