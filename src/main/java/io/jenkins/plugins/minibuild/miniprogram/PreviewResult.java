package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** A preview and its QR code. Immutable. */
public final class PreviewResult extends ShipmentResult {

    private static final long serialVersionUID = 1L;

    private final String pagePath;
    private final String artifact;
    /** Null when nothing was previewed. */
    private final QrCode qrCode;

    private final boolean base64;

    PreviewResult(
            String appId,
            String desc,
            int robot,
            String pagePath,
            String artifact,
            QrCode qrCode,
            PackageSizes sizes,
            ShipmentFacts facts,
            Findings findings,
            boolean base64) {
        super(appId, desc, robot, sizes, facts, findings);
        this.pagePath = pagePath;
        this.artifact = artifact;
        this.qrCode = qrCode;
        this.base64 = base64;
    }

    private PreviewResult(String appId, int robot, Map<String, Object> found, ProjectType type) {
        super(appId, robot, found, type);
        this.pagePath = "";
        this.artifact = "";
        this.qrCode = null;
        this.base64 = false;
    }

    /** There is no code, it was only looked whether it could work. */
    static PreviewResult doctor(String appId, int robot, Map<String, Object> found, ProjectType type) {
        return new PreviewResult(appId, robot, found, type);
    }

    /** Null: a preview makes no version. */
    @CheckForNull
    @Override
    public String version() {
        return null;
    }

    /** The page that opens; empty for the first one. */
    public String pagePath() {
        return pagePath;
    }

    /** The path of the picture among the build's artifacts. */
    public String artifact() {
        return artifact;
    }

    /** The picture. */
    public QrCode qrCode() {
        return qrCode;
    }

    /** When WeChat stops accepting the code, as ISO 8601 in UTC with seconds. */
    public String expires() {
        return time(qrCode.expires());
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Adds {@code pagePath}, {@code qrcode} (the artifact's path), {@code expires} (ISO 8601), and {@code qrcodeBase64} (a data URI) when
     * that was asked for.
     */
    @Override
    void addTo(Map<String, Object> map) {
        map.put("pagePath", pagePath);
        map.put("qrcode", artifact);
        map.put("expires", expires());
        if (base64) {
            map.put("qrcodeBase64", qrCode.dataUri());
        }
    }
}
