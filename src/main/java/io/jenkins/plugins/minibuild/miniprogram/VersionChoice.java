package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.miniprogram.profile.Version;
import java.io.IOException;

/** The version of an upload: a given one, or the one after the last. Immutable. */
final class VersionChoice {

    private final Version version;
    private final boolean automatic;

    private VersionChoice(Version version, boolean automatic) {
        this.version = version;
        this.automatic = automatic;
    }

    /** This version. */
    static VersionChoice of(Version version) {
        return new VersionChoice(version, false);
    }

    /** The version after the last one, but not below the given one. */
    static VersionChoice after(Version first) {
        return new VersionChoice(first, true);
    }

    boolean automatic() {
        return automatic;
    }

    /** Reserves the version: from now on {@link #after} gives it to no other build. */
    Taken take(VersionStore store, String appId) throws IOException, InterruptedException {
        return automatic
                ? new Taken(store.reserve(appId, version), true)
                : new Taken(version, store.hold(appId, version));
    }

    /**
     * A version that is going to be uploaded.
     *
     * @param mine whether it was free before, so that it may be released when the service has not seen it
     */
    record Taken(Version version, boolean mine) {}
}
