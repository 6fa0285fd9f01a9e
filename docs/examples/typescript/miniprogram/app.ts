App<{ started: number }>({
  started: Date.now()
});
