package io.jenkins.plugins.minibuild.miniprogram;

import java.io.IOException;

/** The version of an upload: a given one, or the one after the last. Immutable. */
final class VersionChoice {

    private final Version version;
    private final boolean automatic;

    private VersionChoice(Version version, boolean automatic) {
        this.version = version;
        this.automatic = automatic;
    }

    /** This one. */
    static VersionChoice of(Version version) {
        return new VersionChoice(version, false);
    }

    /** The one after the last, but not below the given one. */
    static VersionChoice after(Version first) {
        return new VersionChoice(first, true);
    }

    boolean automatic() {
        return automatic;
    }

    /** Takes a version; with {@link #after} nobody else gets it from now on. */
    Version take(VersionStore store, String appId) throws IOException, InterruptedException {
        return automatic ? store.reserve(appId, version) : version;
    }

    /** Gives a version back that the service has not seen. */
    void release(VersionStore store, String appId, Version taken) throws IOException, InterruptedException {
        if (automatic) {
            store.release(appId, taken);
        }
    }
}
