package io.jenkins.plugins.minibuild.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** The memory of the processes that carry a mark, and of their descendants, where there is no /proc: macOS, Windows, BSD. */
final class OshiMemory {
    private OshiMemory() {}

    /** Those processes, the largest first. */
    static List<AgentReading.ProcessSize> read(String mark) {
        OperatingSystem system = new SystemInfo().getOperatingSystem();
        String name = mark.substring(0, mark.indexOf('='));
        String value = mark.substring(mark.indexOf('=') + 1);
        Set<Integer> found = new HashSet<>();
        List<AgentReading.ProcessSize> sizes = new ArrayList<>();
        for (OSProcess process : system.getProcesses()) {
            String carried = process.getEnvironmentVariables().get(name);
            if (carried != null && (carried + "/").startsWith(value + "/")) {
                add(process, found, sizes);
                system.getDescendantProcesses(process.getProcessID(), null, null, 0)
                        .forEach(child -> add(child, found, sizes));
            }
        }
        sizes.sort(Comparator.comparingLong(AgentReading.ProcessSize::residentBytes)
                .reversed());
        return sizes;
    }

    private static void add(OSProcess process, Set<Integer> found, List<AgentReading.ProcessSize> sizes) {
        if (found.add(process.getProcessID())) {
            sizes.add(new AgentReading.ProcessSize(
                    process.getProcessID(), process.getName(), process.getResidentSetSize()));
        }
    }
}
