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
    private final long time;

    UploadResult(String appId, String version, String desc, int robot, PackageSizes sizes, long time) {
        this.appId = appId;
        this.version = version;
        this.desc = desc;
        this.robot = robot;
        this.sizes = sizes;
        this.time = time;
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

    /** When the service had accepted it, in milliseconds since 1970. */
    public long time() {
        return time;
    }

    /** For a Pipeline: {@code appId}, {@code version}, {@code desc}, {@code robot}, {@code size}, {@code packages}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("appId", appId);
        map.put("version", version);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("size", sizes.whole());
        map.put("packages", packages(sizes));
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
