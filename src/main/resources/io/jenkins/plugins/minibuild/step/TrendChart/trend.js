// Draws the charts of the page; a click on a build opens it.
window.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".mini-build-trend__chart").forEach((chart) => {
    const text = chart.dataset.model;
    const model = JSON.parse(text);
    echartsJenkinsApi.renderConfigurableZoomableTrendChart(chart.id, text, null, (build) => {
      const number = model.buildNumbers[model.domainAxisLabels.indexOf(build)];
      if (number > 0) {
        window.location.assign(number + "/");
      }
    });
  });
});
