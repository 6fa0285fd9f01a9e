package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was uploaded. Immutable. */
public final class UploadResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String appId;
    private final String version;
    private final String desc;
    private final int robot;
    private final PackageSizes sizes;
    private final ShipmentFacts facts;
    /** What a doctor found; null for an upload. */
    private final TreeMap<String, Object> found;

    private final Findings findings;

    UploadResult(
            String appId,
            String version,
            String desc,
            int robot,
            PackageSizes sizes,
            ShipmentFacts facts,
            Findings findings) {
        this(appId, version, desc, robot, sizes, facts, findings, null);
    }

    /** Nothing was uploaded, it was only looked whether it could work. */
    static UploadResult doctor(String appId, int robot, Map<String, Object> found, ProjectType type) {
        return new UploadResult(
                appId,
                "",
                "",
                robot,
                PackageSizes.read(null, type),
                ShipmentFacts.NONE,
                Findings.NONE,
                new TreeMap<>(found));
    }

    private UploadResult(
            String appId,
            String version,
            String desc,
            int robot,
            PackageSizes sizes,
            ShipmentFacts facts,
            Findings findings,
            @CheckForNull TreeMap<String, Object> found) {
        this.appId = appId;
        this.version = version;
        this.desc = desc;
        this.robot = robot;
        this.sizes = sizes;
        this.facts = facts;
        this.findings = findings;
        this.found = found;
    }

    /** Whether nothing was uploaded, but only looked whether it could work. */
    public boolean isDoctor() {
        return found != null;
    }

    ShipmentFacts facts() {
        return facts;
    }

    /** The program's id. */
    public String appId() {
        return appId;
    }

    /** The version. */
    public String version() {
        return version;
    }

    /** The description; empty when none was given. */
    public String desc() {
        return desc;
    }

    /** The number of the CI robot. */
    public int robot() {
        return robot;
    }

    /** The sizes that the service counted. */
    public PackageSizes sizes() {
        return sizes;
    }

    /** What was found besides. */
    public Findings findings() {
        return findings;
    }

    /**
     * For a Pipeline: {@code appId}, {@code version}, {@code desc}, {@code robot}, {@code size}, {@code packages}, {@code branch},
     * {@code commit}, {@code author}, {@code message}, {@code duration} (milliseconds), {@code largestFiles}, and {@code quality} and
     * {@code sourceMap} when they were asked for. A doctor's: {@code doctor}, {@code appId}, {@code robot}, {@code node}, {@code npm},
     * {@code git}, {@code freeDisk} (bytes).
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (found != null) {
            return doctor(appId, robot, found);
        }
        map.put("appId", appId);
        map.put("version", version);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("size", sizes.whole());
        map.put("packages", packages(sizes));
        facts.toMap(map);
        findings.addTo(map);
        return map;
    }

    static Map<String, Object> doctor(String appId, int robot, Map<String, Object> found) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("doctor", true);
        map.put("appId", appId);
        map.put("robot", robot);
        map.putAll(found);
        return map;
    }

    static List<Map<String, Object>> packages(PackageSizes sizes) {
        List<Map<String, Object>> packages = new ArrayList<>();
        sizes.bytes().forEach((name, size) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.put("size", size);
            packages.add(one);
        });
        return packages;
    }
}
