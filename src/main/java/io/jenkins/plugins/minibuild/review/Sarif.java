package io.jenkins.plugins.minibuild.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.files.Json;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * A report in the form that other tools read.
 *
 * @see <a href="https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html">SARIF 2.1.0</a>
 */
final class Sarif {

    private Sarif() {}

    /** UTF-8. */
    static byte[] of(ReviewReport report) {
        ObjectNode root = Json.MAPPER
                .createObjectNode()
                .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                .put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "Mini Build review").put("informationUri", "https://plugins.jenkins.io/mini-build/");
        ArrayNode rules = driver.putArray("rules");
        for (Category category : Category.values()) {
            rules.addObject()
                    .put("id", id(category))
                    .put("name", category.word())
                    .putObject("shortDescription")
                    .put("text", category.word());
        }
        run.putObject("originalUriBaseIds").putObject("SRCROOT");
        run.put("columnKind", "utf16CodeUnits");
        ArrayNode results = run.putArray("results");
        for (Finding each : report.findings()) {
            ObjectNode result = results.addObject();
            result.put("ruleId", id(each.category()))
                    .put("ruleIndex", each.category().ordinal())
                    .put("level", level(each.severity()))
                    .put("baselineState", each.carried() ? "unchanged" : "new");
            result.putObject("message")
                    .put("text", each.problem() + (each.suggestion().isEmpty() ? "" : "\n\n" + each.suggestion()));
            ObjectNode physical = result.putArray("locations").addObject().putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", uri(each.file())).put("uriBaseId", "SRCROOT");
            physical.putObject("region")
                    .put("startLine", each.fromLine())
                    .put("endLine", each.toLine())
                    .putObject("snippet")
                    .put("text", each.snippet());
            result.putObject("partialFingerprints").put("miniBuild/v1", each.fingerprint());
        }
        ObjectNode properties = run.putObject("properties");
        properties.put("score", report.score()).put("summary", report.summary());
        try {
            return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(Category category) {
        return "review/" + category.word().replace(' ', '-');
    }

    private static String level(Severity severity) {
        return severity == Severity.INFO ? "note" : severity.word();
    }

    /** A relative path as a URI has it. */
    private static String uri(String path) {
        try {
            // A first segment with a colon would be taken for a scheme.
            String relative =
                    new URI(null, null, "/" + path, null).toASCIIString().substring(1);
            return relative.split("/", 2)[0].contains(":") ? "./" + relative : relative;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
