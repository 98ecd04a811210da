// Sets the theme before anything is painted. A file, for the content policy allows no script in the page; its name carries
// a version, for what lies under /assets/ is kept for ever.
try {
  if (localStorage.getItem('infusion.theme') === 'light') document.documentElement.dataset.theme = 'light'
} catch {
  // a browser that keeps nothing gets the default
}
