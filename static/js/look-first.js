// Runs before the first paint, so that a chosen look never flashes the other one.
(() => {
  try {
    const look = JSON.parse(localStorage.getItem('moodcall.look') ?? 'null');
    if (look === 'light' || look === 'dark') document.documentElement.dataset.look = look;
  } catch {
    // Without storage the system's preference holds.
  }
})();
