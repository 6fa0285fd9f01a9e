package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import jenkins.security.MasterToSlaveCallable;

/** Environment variables; names are compared without case, as on every platform's Jenkins. */
public class EnvVars extends TreeMap<String, String> {
    private static final long serialVersionUID = 1L;

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    public EnvVars(@NonNull Map<String, String> m) {
        this();
        putAll(m);
    }

    public EnvVars(@NonNull EnvVars m) {
        this((Map<String, String>) m);
    }

    public EnvVars(String... keyValuePairs) {
        this();
        if (keyValuePairs.length % 2 != 0) {
            throw new IllegalArgumentException("keys and values have to come in pairs");
        }
        for (int i = 0; i < keyValuePairs.length; i += 2) {
            put(keyValuePairs[i], keyValuePairs[i + 1]);
        }
    }

    /** Sets a variable; {@code PATH+XYZ} prepends to {@code PATH}, a null or empty value removes. */
    public void override(String key, String value) {
        if (value == null || value.isEmpty()) {
            remove(key);
            return;
        }
        int plus = key.indexOf('+');
        if (plus > 0) {
            String real = key.substring(0, plus);
            String old = get(real);
            put(real, old == null ? value : value + java.io.File.pathSeparator + old);
        } else {
            put(key, value);
        }
    }

    public EnvVars overrideAll(Map<String, String> all) {
        all.forEach(this::override);
        return this;
    }

    public void putIfNotNull(String key, String value) {
        if (value != null) {
            put(key, value);
        }
    }

    public String expand(String s) {
        return Util.replaceMacro(s, this);
    }

    @Override
    public String put(String key, String value) {
        if (value == null) {
            throw new IllegalArgumentException("Null value not allowed as an environment variable: " + key);
        }
        return super.put(key, value);
    }

    /** The environment of the JVM behind a channel. */
    public static EnvVars getRemote(VirtualChannel channel) throws IOException, InterruptedException {
        if (channel == null) {
            return new EnvVars("N/A", "N/A");
        }
        return channel.call(new GetEnvVars());
    }

    private static final class GetEnvVars extends MasterToSlaveCallable<EnvVars, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public EnvVars call() {
            return new EnvVars(System.getenv());
        }
    }
}
