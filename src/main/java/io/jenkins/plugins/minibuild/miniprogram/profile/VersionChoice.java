package io.jenkins.plugins.minibuild.miniprogram.profile;

import java.io.IOException;

/** The version of an upload: a given one, or the one after the last. Immutable. */
public final class VersionChoice {

    private final Version version;
    private final boolean automatic;

    private VersionChoice(Version version, boolean automatic) {
        this.version = version;
        this.automatic = automatic;
    }

    /** This one. */
    public static VersionChoice of(Version version) {
        return new VersionChoice(version, false);
    }

    /** The one after the last, but not below the given one. */
    public static VersionChoice after(Version first) {
        return new VersionChoice(first, true);
    }

    public boolean automatic() {
        return automatic;
    }

    /** Takes a version, which nobody else gets by {@link #after} from now on. */
    public Taken take(VersionStore store, String appId) throws IOException, InterruptedException {
        return automatic
                ? new Taken(store.reserve(appId, version), true)
                : new Taken(version, store.hold(appId, version));
    }

    /**
     * A version that is going to be uploaded.
     *
     * @param mine whether nobody had it before, so that it may be given back when the service has not seen it
     */
    public record Taken(Version version, boolean mine) {}
}
