package io.jenkins.plugins.minibuild.miniprogram;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was uploaded. Immutable. */
public final class UploadResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String appId;
    private final String version;
    private final String desc;
    private final int robot;
    private final PackageSizes sizes;
    private final Findings findings;

    UploadResult(String appId, String version, String desc, int robot, PackageSizes sizes, Findings findings) {
        this.appId = appId;
        this.version = version;
        this.desc = desc;
        this.robot = robot;
        this.sizes = sizes;
        this.findings = findings;
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
     * For a Pipeline: {@code appId}, {@code version}, {@code desc}, {@code robot}, {@code size}, {@code packages}, {@code largestFiles},
     * and {@code quality} and {@code sourceMap} when they were asked for.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("appId", appId);
        map.put("version", version);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("size", sizes.whole());
        map.put("packages", packages(sizes));
        findings.addTo(map);
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
