package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import java.util.Map;

/** What was uploaded. Immutable. */
public final class UploadResult extends ShipmentResult {

    private static final long serialVersionUID = 1L;

    private final String version;

    UploadResult(
            String appId,
            String version,
            String desc,
            int robot,
            PackageSizes sizes,
            ShipmentFacts facts,
            Findings findings) {
        super(appId, desc, robot, sizes, facts, findings);
        this.version = version;
    }

    private UploadResult(String appId, int robot, Map<String, Object> found, ProjectType type) {
        super(appId, robot, found, type);
        this.version = "";
    }

    /** Nothing was uploaded, it was only looked whether it could work. */
    static UploadResult doctor(String appId, int robot, Map<String, Object> found, ProjectType type) {
        return new UploadResult(appId, robot, found, type);
    }

    /** The version; empty when nothing was uploaded. */
    @Override
    public String version() {
        return version;
    }

    /** Adds {@code version}. */
    @Override
    void addTo(Map<String, Object> map) {
        map.put("version", version);
    }
}
