;(() => {
  const section = document.getElementById('found')
  const input = document.querySelector('form.search input')
  if (section === null || input === null) return
  const most = 200
  let lines
  let table
  let loading = false

  const load = (src) => {
    const script = document.createElement('script')
    script.src = src
    script.onerror = () => {
      section.hidden = false
      section.textContent = `The file ${src} is missing: this gallery was not copied whole.`
    }
    document.head.append(script)
  }

  smugdlGallery.texts = (text) => {
    lines = text.split('\n')
    find()
  }
  smugdlGallery.tableCame = (came) => {
    table = came
    find()
  }

  /** As `searchText` in columns.ts spells what it writes. */
  const spelled = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').trim()

  const months = Array.from({ length: 12 }, (_, month) =>
    new Date(Date.UTC(2000, month)).toLocaleString('en', { month: 'long', timeZone: 'UTC' }).toLowerCase(),
  )

  /** A year, a month by its name, or the beginning of 2019-05-01. */
  function isWhen(word, minute) {
    if (minute === -0x80000000) return false
    if (/^\d{4}(-|$)/.test(word)) return new Date(minute * 60_000).toISOString().startsWith(word)
    return months[new Date(minute * 60_000).getUTCMonth()] === word
  }

  function find() {
    const words = spelled(input.value).split(/\s+/).filter(Boolean)
    section.hidden = words.length === 0
    document.getElementById('albums').hidden = words.length > 0
    if (words.length === 0) return section.replaceChildren()
    if (!loading) {
      loading = true
      load('gallery/grid.js')
      load('gallery/search.js')
    }
    if (lines === undefined || table === undefined) {
      section.textContent = 'Reading…'
      return
    }
    const albums = table.albums
      .map(([key, name], index) => ({ key, name, index }))
      .filter(({ name }) => words.every((word) => spelled(name).includes(word)))
    const found = []
    let count = 0
    for (let index = 0; index < table.keys.length; index++) {
      const line = lines[index]
      if (!words.every((word) => line.includes(word) || isWhen(word, table.minute[index]))) continue
      count += 1
      if (found.length < most) found.push(index)
    }
    const heading = document.createElement('h1')
    const shown = count > most ? `, the first ${most} are shown` : ''
    heading.textContent = `${count.toLocaleString('en')} ${count === 1 ? 'picture' : 'pictures'} for “${input.value.trim()}”${shown}`
    const names = document.createElement('ul')
    names.className = 'names'
    for (const { key, name } of albums.slice(0, 20)) {
      const item = document.createElement('li')
      const link = document.createElement('a')
      link.href = `gallery/a/${key}.html`
      link.textContent = name
      item.append(link)
      names.append(item)
    }
    const list = document.createElement('ul')
    list.className = 'grid'
    for (const index of found) list.append(elementOf(index))
    section.replaceChildren(heading, ...(albums.length > 0 ? [names] : []), list)
  }

  function elementOf(index) {
    const item = document.createElement('li')
    item.style.setProperty('--r', String(table.ratio[index] / 1000))
    const link = document.createElement('a')
    const { href, small } = smugdlGallery.placeOf(table, index, '')
    link.href = href
    const label = lines[index].slice(0, 100)
    if (small === undefined) {
      const tile = document.createElement('span')
      tile.className = 'tile'
      tile.textContent = label
      link.append(tile)
    } else {
      const image = document.createElement('img')
      Object.assign(image, { src: small, alt: label, loading: 'lazy' })
      link.append(image)
    }
    item.append(link)
    return item
  }

  input.form.addEventListener('submit', (event) => {
    event.preventDefault()
    find()
  })
  input.addEventListener('input', () => {
    history.replaceState(
      null,
      '',
      input.value.trim() === '' ? location.pathname : `#q=${encodeURIComponent(input.value.trim())}`,
    )
    find()
  })
  // From another page's form it comes as ?q=…, and every search has an address.
  const asked = /^#q=(.*)$/.exec(location.hash)?.[1]
  try {
    input.value =
      asked === undefined ? (new URLSearchParams(location.search).get('q') ?? '') : decodeURIComponent(asked)
  } catch {
    input.value = asked ?? ''
  }
  if (input.value !== '') find()
})()
