// Runs before the first paint. Keys and values are those of src/app/theme.ts.
(function () {
  var theme = null;
  try {
    theme = localStorage.getItem('caravan.theme');
  } catch (error) {
    // Storage may be forbidden; the system's choice is a fine default.
  }
  if (theme !== 'light' && theme !== 'dark') {
    theme = null;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  var meta = document.querySelector('meta[name="theme-color"]');
  if (meta) meta.content = dark ? '#171918' : '#f7f5f1';
})();
