package io.jenkins.plugins.minibuild.miniprogram;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** A preview and its QR code. Immutable. */
public final class PreviewResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String appId;
    private final String desc;
    private final int robot;
    private final String pagePath;
    private final String artifact;
    private final QrCode qrCode;
    private final PackageSizes sizes;
    private final Findings findings;
    private final boolean base64;

    PreviewResult(
            String appId,
            String desc,
            int robot,
            String pagePath,
            String artifact,
            QrCode qrCode,
            PackageSizes sizes,
            Findings findings,
            boolean base64) {
        this.appId = appId;
        this.desc = desc;
        this.robot = robot;
        this.pagePath = pagePath;
        this.artifact = artifact;
        this.qrCode = qrCode;
        this.sizes = sizes;
        this.findings = findings;
        this.base64 = base64;
    }

    /** The program's id. */
    public String appId() {
        return appId;
    }

    /** The description; empty when none was given. */
    public String desc() {
        return desc;
    }

    /** The number of the CI robot. */
    public int robot() {
        return robot;
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

    /** The sizes that the service counted. */
    public PackageSizes sizes() {
        return sizes;
    }

    /** What was found besides. */
    public Findings findings() {
        return findings;
    }

    /**
     * For a Pipeline: {@code appId}, {@code desc}, {@code robot}, {@code pagePath}, {@code qrcode} (the artifact's path),
     * {@code expires} (ISO 8601), {@code size}, {@code packages}, {@code largestFiles}, {@code quality} when it was asked for, and
     * {@code qrcodeBase64} (a data URI) when that was.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("appId", appId);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("pagePath", pagePath);
        map.put("qrcode", artifact);
        map.put("expires", expires());
        map.put("size", sizes.whole());
        map.put("packages", UploadResult.packages(sizes));
        findings.addTo(map);
        if (base64) {
            map.put("qrcodeBase64", qrCode.dataUri());
        }
        return map;
    }
}
