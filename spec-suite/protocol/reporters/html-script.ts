/** Filters, and a link to something that is folded unfolds it. The page is whole without it. */
export const script = `
const form = document.getElementById('filters')
const words = document.getElementById('words')
const nothing = document.getElementById('nothing')
const all = [...document.querySelectorAll('.statement')]

function apply() {
  const { state, version } = Object.fromEntries(new FormData(form))
  const text = words.value.trim().toLowerCase()
  for (const one of all) {
    const fits = (!state || one.dataset.state === state) &&
      (!version || one.closest('.version').dataset.version === version) &&
      (!text || one.textContent.toLowerCase().includes(text))
    one.hidden = !fits
  }
  for (const group of document.querySelectorAll('.chapter, .version')) {
    group.hidden = !group.querySelector('.statement:not([hidden])')
  }
  nothing.hidden = all.some(one => !one.hidden)
}

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target) return
  if (target.closest('[hidden]')) { form.reset(); apply() }
  for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true
  target.scrollIntoView()
}

form.hidden = false
form.addEventListener('input', apply)
form.addEventListener('submit', event => event.preventDefault())
addEventListener('hashchange', reveal)
apply()
reveal()
`
