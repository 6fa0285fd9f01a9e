package io.jenkins.plugins.minibuild.miniprogram;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The largest files of what was compiled, the largest first. Immutable. */
public final class LargestFiles implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int MOST = 10;

    private final ArrayList<File> files;

    LargestFiles(List<File> files) {
        this.files = new ArrayList<>(files);
    }

    /** Reads what the driver reported. It comes from an agent: what is not a name with a size is left out. */
    static LargestFiles read(@CheckForNull JsonNode list) {
        ArrayList<File> files = new ArrayList<>();
        if (list != null && list.isArray()) {
            for (JsonNode file : list) {
                String name = DriverFailure.clean(file.path("name").asText(""));
                JsonNode size = file.path("size");
                if (files.size() < MOST && !name.isEmpty() && size.isIntegralNumber() && size.asLong() >= 0) {
                    files.add(new File(name, size.asLong()));
                }
            }
        }
        return new LargestFiles(files);
    }

    /** Whether nothing is known. */
    boolean isEmpty() {
        return files.isEmpty();
    }

    /** One row a file, for pages. */
    public List<File> rows() {
        return List.copyOf(files);
    }

    /** A table for the console, one line a file. */
    public List<String> table() {
        return files.stream()
                .map(file -> String.format(Locale.ROOT, "  %9s  %s", file.getSize(), file.getName()))
                .toList();
    }

    /** For a Pipeline: {@code name} and {@code size} in bytes of each. */
    List<Map<String, Object>> toList() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (File file : files) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", file.name);
            one.put("size", file.bytes);
            list.add(one);
        }
        return list;
    }

    /** One file. */
    public static final class File implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String name;
        private final long bytes;

        File(String name, long bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** Its path in the program. */
        public String getName() {
            return name;
        }

        /** Its size in bytes. */
        public long getBytes() {
            return bytes;
        }

        /** Its size for people, such as {@code 1.50 MB}. */
        public String getSize() {
            return PackageSizes.human(bytes);
        }
    }
}
