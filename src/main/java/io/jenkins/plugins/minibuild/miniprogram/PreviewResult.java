package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** The result of a preview, with its QR code. Immutable. */
public final class PreviewResult extends ShipmentResult {

    private final String pagePath;
    private final String artifact;
    /** Null after a doctor's run. */
    private final QrCode qrCode;

    private final boolean base64;

    PreviewResult(Shipment shipment, String pagePath, String artifact, QrCode qrCode, boolean base64) {
        super(shipment, null);
        this.pagePath = pagePath;
        this.artifact = artifact;
        this.qrCode = qrCode;
        this.base64 = base64;
    }

    private PreviewResult(TaskParameters parameters, Map<String, Object> agent) {
        super(Shipment.none(parameters), agent);
        this.pagePath = "";
        this.artifact = "";
        this.qrCode = null;
        this.base64 = false;
    }

    /** The result of a doctor's run. */
    static PreviewResult doctor(TaskParameters parameters, Map<String, Object> agent) {
        return new PreviewResult(parameters, agent);
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

    /** A time for people: date, hour and minute of the zone, with its offset. */
    static String localTime(Instant instant, ZoneId zone) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm xxx", Locale.ROOT).format(instant.atZone(zone));
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
