package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.PrintStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** What miniprogram-ci reported besides the sizes: the largest files, the quality of the code, the source map. Immutable. */
public final class Findings implements Serializable {

    /** Nothing was found. */
    static final Findings NONE = read(MissingNode.getInstance(), null);

    private static final long serialVersionUID = 1L;

    private final LargestFiles largestFiles;
    private final QualityReport quality;
    private final String sourceMap;

    private Findings(LargestFiles largestFiles, @CheckForNull QualityReport quality, @CheckForNull String sourceMap) {
        this.largestFiles = largestFiles;
        this.quality = quality;
        this.sourceMap = sourceMap;
    }

    /**
     * Reads the result of the driver.
     *
     * @param sourceMap the artifact of the source map, if one was asked for
     */
    static Findings read(JsonNode result, @CheckForNull String sourceMap) {
        return new Findings(
                LargestFiles.read(result.get("largestFiles")),
                QualityReport.read(result.get("quality")),
                result.path("sourceMap").asBoolean(false) ? sourceMap : null);
    }

    /** The same with other largest files. */
    Findings with(LargestFiles others) {
        return new Findings(others, quality, sourceMap);
    }

    /** The largest files; empty when miniprogram-ci did not show them. */
    public LargestFiles largestFiles() {
        return largestFiles;
    }

    /** The quality of the code; null when it was not checked. */
    @CheckForNull
    public QualityReport quality() {
        return quality;
    }

    /** The path of the source map among the artifacts; null when there is none. */
    @CheckForNull
    public String sourceMap() {
        return sourceMap;
    }

    /** Prints the findings to the log. */
    void print(PrintStream log) {
        List<String> files = largestFiles.table();
        if (!files.isEmpty()) {
            log.println(Messages.Findings_largestFiles());
            files.forEach(log::println);
        }
        if (quality != null) {
            quality.lines().forEach(log::println);
        }
        if (sourceMap != null) {
            log.println(Messages.Findings_sourceMap(sourceMap));
        }
    }

    /** Adds to what a Pipeline gets: {@code largestFiles}, and {@code quality} and {@code sourceMap} where there are any. */
    void addTo(Map<String, Object> map) {
        map.put("largestFiles", largestFiles.toList());
        if (quality != null) {
            map.put("quality", quality.toMap());
        }
        if (sourceMap != null) {
            map.put("sourceMap", sourceMap);
        }
    }
}
