package io.jenkins.plugins.minibuild.limits;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.Node;
import io.jenkins.plugins.minibuild.process.CpuLimit;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Has the commands of a block run with the number of processors, and as nice, as its limits say. */
final class CommandLimitsAdapter extends LauncherDecorator implements Serializable {
    private static final long serialVersionUID = 1L;

    /** How long it is remembered what an agent can do. */
    private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Map<String, Known> KNOWN = new ConcurrentHashMap<>();

    private final Limits limits;
    /** The agents of which the log says already what they cannot do. */
    private transient Set<String> said = ConcurrentHashMap.newKeySet();

    private record Known(CpuLimit.Prefix prefix, long since) {}

    CommandLimitsAdapter(Limits limits) {
        this.limits = limits;
    }

    private Object readResolve() {
        said = ConcurrentHashMap.newKeySet();
        return this;
    }

    @NonNull
    @Override
    public Launcher decorate(@NonNull Launcher launcher, @NonNull Node node) {
        return decorate(launcher, node.getNodeName());
    }

    /** @param agent its name, empty for the built-in node */
    Launcher decorate(Launcher launcher, String agent) {
        CpuLimit limit = new CpuLimit(limits.value(Limit.CPUS), (int) limits.value(Limit.NICE));
        if (limit.isNone()) {
            return launcher;
        }
        try {
            CpuLimit.Prefix prefix = prefix(limit, launcher, agent);
            if (prefix.missing() != null && said.add(agent)) {
                launcher.getListener().getLogger().println("[miniBuildLimits] " + prefix.missing());
            }
            return prefix.words().isEmpty()
                    ? launcher
                    : launcher.decorateByPrefix(prefix.words().toArray(String[]::new));
        } catch (InterruptedException e) {
            // The build is ended: what it starts now ends at once.
            Thread.currentThread().interrupt();
            return launcher;
        }
    }

    private static CpuLimit.Prefix prefix(CpuLimit limit, Launcher launcher, String agent) throws InterruptedException {
        String key = agent + " " + limit;
        Known known = KNOWN.get(key);
        if (known == null || System.nanoTime() - known.since() > REMEMBERED_NANOS) {
            known = new Known(limit.on(launcher), System.nanoTime());
            KNOWN.put(key, known);
        }
        return known.prefix();
    }
}
