package io.jenkins.plugins.minibuild.limits;

import com.sun.management.OperatingSystemMXBean;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.ByteCount;
import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import jenkins.security.MasterToSlaveCallable;

/** The processors, load, memory and disk of an agent's machine. */
final class AgentFacts extends MasterToSlaveCallable<AgentFacts.Report, IOException> {
    private static final long serialVersionUID = 1L;

    private static final Path MEMORY = Path.of("/proc/meminfo");

    private final String folder;

    /** @param folder whose disk is looked at */
    AgentFacts(String folder) {
        this.folder = folder;
    }

    /**
     * The answer. A value that the machine does not offer is negative.
     *
     * @param load processes that ran or wanted to, the average of the last minute
     */
    record Report(int processors, double load, long memory, long freeMemory, long disk, long freeDisk)
            implements Serializable {
        private static final long LARGEST = 1L << 60;

        Report {
            AgentAnswer.number("The number of processors", processors, 0, 1 << 20);
            if (!Double.isFinite(load) || load > 1 << 20) {
                throw new IllegalArgumentException("The load is " + load);
            }
            for (long each : new long[] {memory, freeMemory, disk, freeDisk}) {
                AgentAnswer.number("The memory or disk", each, Long.MIN_VALUE, LARGEST);
            }
        }

        /** The load against the processors, {@code 0.8 / 4}. */
        String loadText(String unknown) {
            return load < 0 ? unknown : String.format(Locale.ROOT, "%.2f / %d", load, processors);
        }

        String memoryText(String unknown) {
            return share(freeMemory, memory, unknown);
        }

        String diskText(String unknown) {
            return share(freeDisk, disk, unknown);
        }

        private static String share(long free, long all, @CheckForNull String unknown) {
            return free < 0 || all <= 0 ? unknown : ByteCount.text(free) + " / " + ByteCount.text(all);
        }
    }

    @Override
    public Report call() throws IOException {
        int processors = ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        long memory = -1;
        long free = -1;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory = system.getTotalMemorySize();
            free = system.getFreeMemorySize();
            if (load < 0) {
                // Windows has no load average; this is the share of the processors that is busy.
                load = system.getCpuLoad() * processors;
            }
        }
        File root = new File(folder);
        return new Report(
                processors,
                load,
                memory,
                Math.max(free, availableOnLinux()),
                root.getTotalSpace(),
                root.getUsableSpace());
    }

    /** The memory that processes can still get: free memory and the cache of files; negative where there is no /proc. */
    private static long availableOnLinux() throws IOException {
        if (!Files.isReadable(MEMORY)) {
            return -1;
        }
        return Files.readAllLines(MEMORY, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(-1);
    }
}
