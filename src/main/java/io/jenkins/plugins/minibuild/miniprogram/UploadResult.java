package io.jenkins.plugins.minibuild.miniprogram;

import java.util.Map;

/** The result of an upload. Immutable. */
public final class UploadResult extends ShipmentResult {

    private final String version;

    UploadResult(Shipment shipment, String version) {
        super(shipment, null);
        this.version = version;
    }

    private UploadResult(TaskParameters parameters, Map<String, Object> agent) {
        super(Shipment.none(parameters), agent);
        this.version = "";
    }

    /** The result of a doctor's run. */
    static UploadResult doctor(TaskParameters parameters, Map<String, Object> agent) {
        return new UploadResult(parameters, agent);
    }

    /** The version; empty after a doctor's run. */
    @Override
    public String version() {
        return version;
    }

    @Override
    void addTo(Map<String, Object> map) {
        map.put("version", version);
    }
}
