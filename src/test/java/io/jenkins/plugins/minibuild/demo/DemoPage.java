package io.jenkins.plugins.minibuild.demo;

import hudson.Util;
import io.jenkins.plugins.minibuild.pipeline.LocalPipeline.StepRun;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One self-contained HTML page: QR code, sizes, steps, log. */
final class DemoPage {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #14141f }
            h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
            table { border-collapse: collapse } td, th { padding: .3rem 1rem .3rem 0; text-align: left }
            td.number { text-align: right; font-variant-numeric: tabular-nums }
            img { width: 240px; image-rendering: pixelated; border: 1px solid #ddd }
            pre { background: #f6f6f8; padding: 1rem; overflow-x: auto; font-size: 13px }
            """;

    private final LocalBuild build;
    private final List<StepRun> steps;
    private final int uploads;

    DemoPage(LocalBuild build, List<StepRun> steps, int uploads) {
        this.build = build;
        this.steps = steps;
        this.uploads = uploads;
    }

    void write(Path page) throws IOException {
        StringBuilder html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<title>Mini Build demo</title><style>")
                .append(STYLE)
                .append("</style></head><body><h1>Mini Build: ")
                .append(escape(build.displayName()))
                .append("</h1>");
        for (StepRun step : steps) {
            if (step.result() != null && step.result().get("qrcode") instanceof String artifact) {
                qrCode(html, step.result(), artifact);
            }
        }
        for (StepRun step : steps) {
            if (step.result() != null && step.result().get("packages") instanceof List<?> packages) {
                sizes(html, step, packages);
            }
        }
        html.append("<h2>Steps</h2><table><tr><th>step</th><th>seconds</th><th>returned</th></tr>");
        for (StepRun step : steps) {
            html.append("<tr><td>")
                    .append(escape(step.name()))
                    .append("</td><td class=\"number\">")
                    .append("%.1f".formatted(step.duration().toMillis() / 1000.0))
                    .append("</td><td>")
                    .append(escape(step.result() == null ? "failed" : String.valueOf(step.result())))
                    .append("</td></tr>");
        }
        html.append("</table><p>The stand-in of WeChat accepted ")
                .append(uploads)
                .append(" packages.</p><h2>Console</h2><pre>")
                .append(build.log().replace("&", "&amp;").replace("<", "&lt;"))
                .append("</pre></body></html>\n");
        Files.writeString(page, html);
    }

    private void qrCode(StringBuilder html, Map<String, Object> result, String artifact) throws IOException {
        byte[] picture = Files.readAllBytes(build.artifacts().resolve(artifact));
        html.append("<p><img alt=\"QR code of the preview\" src=\"data:image/jpeg;base64,")
                .append(Base64.getEncoder().encodeToString(picture))
                .append("\"></p><p>Valid until ")
                .append(escape(String.valueOf(result.get("expires"))))
                .append("</p>");
    }

    private static void sizes(StringBuilder html, StepRun step, List<?> packages) {
        html.append("<h2>Sizes: ").append(escape(step.name())).append("</h2><table>");
        for (Object each : packages) {
            Map<?, ?> one = (Map<?, ?>) each;
            html.append("<tr><td>")
                    .append(escape(String.valueOf(one.get("name"))))
                    .append("</td><td class=\"number\">")
                    .append("%,d bytes".formatted(((Number) one.get("size")).longValue()))
                    .append("</td></tr>");
        }
        html.append("</table>");
    }

    private static String escape(String text) {
        return Util.escape(text);
    }
}
