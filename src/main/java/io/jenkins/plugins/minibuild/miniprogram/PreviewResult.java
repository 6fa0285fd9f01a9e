package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

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
    private final ShipmentFacts facts;
    /** What a doctor found; null for a preview. */
    private final TreeMap<String, Object> found;

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
            ShipmentFacts facts,
            Findings findings,
            boolean base64) {
        this(appId, desc, robot, pagePath, artifact, qrCode, sizes, facts, findings, base64, null);
    }

    /** There is no code, it was only looked whether it could work. */
    static PreviewResult doctor(String appId, int robot, Map<String, Object> found, ProjectType type) {
        return new PreviewResult(
                appId,
                "",
                robot,
                "",
                "",
                null,
                PackageSizes.read(null, type),
                ShipmentFacts.NONE,
                Findings.NONE,
                false,
                new TreeMap<>(found));
    }

    private PreviewResult(
            String appId,
            String desc,
            int robot,
            String pagePath,
            String artifact,
            @CheckForNull QrCode qrCode,
            PackageSizes sizes,
            ShipmentFacts facts,
            Findings findings,
            boolean base64,
            @CheckForNull TreeMap<String, Object> found) {
        this.appId = appId;
        this.desc = desc;
        this.robot = robot;
        this.pagePath = pagePath;
        this.artifact = artifact;
        this.qrCode = qrCode;
        this.sizes = sizes;
        this.facts = facts;
        this.findings = findings;
        this.base64 = base64;
        this.found = found;
    }

    /** Whether there is no code, because it was only looked whether it could work. */
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
     * {@code expires} (ISO 8601), {@code size}, {@code packages}, {@code largestFiles}, what an upload tells of the commit,
     * {@code quality} when it was asked for, and {@code qrcodeBase64} (a data URI) when that was.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (found != null) {
            return UploadResult.doctor(appId, robot, found);
        }
        map.put("appId", appId);
        map.put("desc", desc);
        map.put("robot", robot);
        map.put("pagePath", pagePath);
        map.put("qrcode", artifact);
        map.put("expires", expires());
        map.put("size", sizes.whole());
        map.put("packages", UploadResult.packages(sizes));
        facts.toMap(map);
        findings.addTo(map);
        if (base64) {
            map.put("qrcodeBase64", qrCode.dataUri());
        }
        return map;
    }
}
