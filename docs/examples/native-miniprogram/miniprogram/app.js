App({
  globalData: {
    teas: [
      { name: 'Green', minutes: 2 },
      { name: 'Oolong', minutes: 4 },
      { name: 'Black', minutes: 5 },
    ],
  },
});
