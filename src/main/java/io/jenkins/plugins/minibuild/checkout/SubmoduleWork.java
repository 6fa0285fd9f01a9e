package io.jenkins.plugins.minibuild.checkout;

import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.minibuild.files.FileTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.TreeMap;
import jenkins.agents.ControllerToAgentFileCallable;

/**
 * Prepares the repositories of submodules that an earlier build has fetched, on the agent: they keep their objects and lose their settings, and the folders of the
 * submodules lose the files that say where their repositories are. Git connects the two again. The file it is called on is the folder of the checkout.
 */
final class SubmoduleWork implements ControllerToAgentFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    /** A submodule by its path in the checkout and its address. */
    record Submodule(String path, String url) implements java.io.Serializable {}

    private final String gitFolder;
    private final TreeMap<String, Submodule> submodules;

    /** @param gitFolder of the checkout; that of a submodule is below {@code modules} in it, by the submodule's name */
    SubmoduleWork(String gitFolder, TreeMap<String, Submodule> submodules) {
        this.gitFolder = gitFolder;
        this.submodules = new TreeMap<>(submodules);
    }

    @Override
    public Void invoke(File file, VirtualChannel channel) throws IOException {
        Path modules = Path.of(gitFolder).resolve("modules");
        for (var each : submodules.entrySet()) {
            Path place = below(file.toPath(), each.getValue().path());
            if (place != null) {
                FileTree.delete(place.resolve(".git"));
            }
            Path module = below(modules, each.getKey());
            if (module == null || !Files.exists(module, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (Files.isDirectory(module, LinkOption.NOFOLLOW_LINKS)) {
                GitFolder.renew(module, each.getValue().url());
            } else {
                FileTree.delete(module);
            }
        }
        return null;
    }

    /** The path below a folder; null if it leaves the folder, or leads through a symbolic link, as no submodule's does. */
    private static Path below(Path folder, String relative) {
        Path path = folder.resolve(relative).normalize();
        if (!path.startsWith(folder) || path.equals(folder)) {
            return null;
        }
        for (Path each = path; !each.equals(folder); each = each.getParent()) {
            if (Files.isSymbolicLink(each)) {
                return null;
            }
        }
        return path;
    }
}
