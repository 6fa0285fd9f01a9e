package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The result of an upload or a preview. Immutable. */
public abstract class ShipmentResult {

    private final Shipment shipment;
    /** What a doctor's run found on the agent; null for an upload or a preview. */
    private final Map<String, Object> agent;

    /** @param agent what a doctor's run found on the agent; null for an upload or a preview */
    ShipmentResult(Shipment shipment, @CheckForNull Map<String, Object> agent) {
        this.shipment = shipment;
        this.agent = agent == null ? null : new TreeMap<>(agent);
    }

    /** Whether this is the result of a doctor's run, which sends nothing. */
    public final boolean isDoctor() {
        return agent != null;
    }

    /** The AppID of the program. */
    public final String appId() {
        return shipment.appId();
    }

    /** The version of an upload; null for a preview. */
    @CheckForNull
    public abstract String version();

    /** The description; empty when none was given. */
    public final String desc() {
        return shipment.desc();
    }

    /** The number of the CI robot. */
    public final int robot() {
        return shipment.robot();
    }

    /** The sizes that the service counted. */
    public final PackageSizes sizes() {
        return shipment.sizes();
    }

    final ShipmentFacts facts() {
        return shipment.facts();
    }

    /** What miniprogram-ci reported besides. */
    public final Findings findings() {
        return shipment.findings();
    }

    /**
     * For a Pipeline: {@code appId}, {@code desc}, {@code robot}, {@code size}, {@code packages}, {@code branch}, {@code commit},
     * {@code author}, {@code message}, {@code duration} (milliseconds), {@code largestFiles}, {@code quality} when it was asked for, and
     * what {@link #addTo} adds. A doctor's: {@code doctor}, {@code appId}, {@code robot}, {@code node}, {@code npm}, {@code git},
     * {@code freeDisk} (bytes).
     */
    public final Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        if (agent != null) {
            map.put("doctor", true);
            map.put("appId", appId());
            map.put("robot", robot());
            map.putAll(agent);
            return map;
        }
        map.put("appId", appId());
        map.put("desc", desc());
        map.put("robot", robot());
        map.put("size", sizes().whole());
        map.put("packages", packages());
        facts().toMap(map);
        findings().addTo(map);
        addTo(map);
        return map;
    }

    /** Adds what only this kind of result has. */
    abstract void addTo(Map<String, Object> map);

    private List<Map<String, Object>> packages() {
        List<Map<String, Object>> packages = new ArrayList<>();
        sizes().bytes().forEach((name, size) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.put("size", size);
            packages.add(one);
        });
        return packages;
    }
}
