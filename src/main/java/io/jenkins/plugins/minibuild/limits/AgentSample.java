package io.jenkins.plugins.minibuild.limits;

import io.jenkins.plugins.minibuild.files.FileTree;
import io.jenkins.plugins.minibuild.process.ContainerMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import jenkins.security.MasterToSlaveCallable;

/** Measures on an agent the memory of a block's processes and the size of its workspaces. */
final class AgentSample extends MasterToSlaveCallable<AgentReading, IOException> {
    private static final long serialVersionUID = 1L;

    private final String mark;
    private final List<String> workspaces;
    private final ContainerMounts containers;
    private final boolean memory;
    private final boolean free;
    private final boolean size;

    /**
     * @param mark {@code NAME=value} by which its processes are known
     * @param containers whose processes are the block's too
     * @param memory whether to measure the memory
     * @param free whether to look how much is free
     * @param size whether to add up the workspaces' files, which takes its time
     */
    AgentSample(
            String mark,
            List<String> workspaces,
            ContainerMounts containers,
            boolean memory,
            boolean free,
            boolean size) {
        this.mark = mark;
        this.containers = containers;
        this.workspaces = List.copyOf(workspaces);
        this.memory = memory;
        this.free = free;
        this.size = size;
    }

    @Override
    public AgentReading call() throws IOException {
        List<AgentReading.ProcessSize> processes = List.of();
        String unknown = null;
        if (memory) {
            try {
                processes = processes(mark, containers, ProcessMemory.isMeasurable());
            } catch (IOException | RuntimeException | LinkageError e) {
                unknown = e.toString();
            }
        }
        Long least = null;
        long largest = 0;
        for (String workspace : workspaces) {
            Path folder = Path.of(workspace);
            if (free) {
                long usable = Files.getFileStore(existing(folder)).getUsableSpace();
                least = least == null ? usable : Math.min(least, usable);
            }
            if (size && Files.isDirectory(folder)) {
                largest = Math.max(largest, FileTree.size(folder));
            }
        }
        return new AgentReading(
                processes.stream()
                        .mapToLong(AgentReading.ProcessSize::residentBytes)
                        .sum(),
                ProcessMemory.named(processes),
                least,
                largest,
                unknown);
    }

    /** The processes of the block, the largest first: read from /proc, or by OSHI. */
    static List<AgentReading.ProcessSize> processes(String mark, ContainerMounts containers, boolean proc)
            throws IOException {
        return proc ? ProcessMemory.of(mark, containers, Instant.now()).read() : OshiMemory.read(mark);
    }

    /** The folder, or the nearest existing folder above it: before its first step a build has no workspace. */
    private static Path existing(Path folder) {
        Path found = folder;
        while (!Files.exists(found) && found.getParent() != null) {
            found = found.getParent();
        }
        return found;
    }
}
