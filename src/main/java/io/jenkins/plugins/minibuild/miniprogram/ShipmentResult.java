package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What uploads and previews have in common. Immutable. */
public abstract class ShipmentResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String appId;
    private final String desc;
    private final int robot;
    private final PackageSizes sizes;
    private final ShipmentFacts facts;
    private final Findings findings;
    /** What a doctor found; null for what was shipped. */
    private final TreeMap<String, Object> found;

    ShipmentResult(String appId, String desc, int robot, PackageSizes sizes, ShipmentFacts facts, Findings findings) {
        this.appId = appId;
        this.desc = desc;
        this.robot = robot;
        this.sizes = sizes;
        this.facts = facts;
        this.findings = findings;
        this.found = null;
    }

    /** Nothing was shipped, it was only looked whether it could be. */
    ShipmentResult(String appId, int robot, Map<String, Object> found, ProjectType type) {
        this.appId = appId;
        this.desc = "";
        this.robot = robot;
        this.sizes = PackageSizes.read(null, type);
        this.facts = ShipmentFacts.NONE;
        this.findings = Findings.NONE;
        this.found = new TreeMap<>(found);
    }

    /** Whether nothing was shipped, but only looked whether it could be. */
    public final boolean isDoctor() {
        return found != null;
    }

    /** The program's id. */
    public final String appId() {
        return appId;
    }

    /** The version of an upload; null for a preview. */
    @CheckForNull
    public abstract String version();

    /** The description; empty when none was given. */
    public final String desc() {
        return desc;
    }

    /** The number of the CI robot. */
    public final int robot() {
        return robot;
    }

    /** The sizes that the service counted. */
    public final PackageSizes sizes() {
        return sizes;
    }

    final ShipmentFacts facts() {
        return facts;
    }

    /** What was found besides. */
    public final Findings findings() {
        return findings;
    }

    /**
     * For a Pipeline: {@code appId}, {@code desc}, {@code robot}, {@code size}, {@code packages}, {@code branch}, {@code commit},
     * {@code author}, {@code message}, {@code duration} (milliseconds), {@code largestFiles}, {@code quality} when it was asked for, and
     * what {@link #addTo} adds. A doctor's: {@code doctor}, {@code appId}, {@code robot}, {@code node}, {@code npm}, {@code git},
     * {@code freeDisk} (bytes).
     */
    public final Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (found != null) {
            map.put("doctor", true);
            map.put("appId", appId);
            map.put("robot", robot);
            map.putAll(found);
            return map;
        }
        map.put("appId", appId);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("size", sizes.whole());
        map.put("packages", packages());
        facts.toMap(map);
        findings.addTo(map);
        addTo(map);
        return map;
    }

    /** Adds what only this kind of result has. */
    abstract void addTo(Map<String, Object> map);

    private List<Map<String, Object>> packages() {
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
