package io.jenkins.plugins.minibuild.access;

import io.jenkins.plugins.minibuild.files.Glob;
import java.util.List;
import java.util.Optional;

/**
 * Which code may be changed, whose code may run, and where. Immutable.
 *
 * @param protectedPaths patterns of paths, separated by commas, that code generation must not change
 * @param forks whose merge requests out of forks may start builds
 * @param builtInNodeAllowed whether Claude's and mini-program steps may run on the controller's own node
 */
public record CodePolicy(List<Rule<String>> protectedPaths, Rule<Forks> forks, Rule<Boolean> builtInNodeAllowed) {
    static final CodePolicy SILENT = new CodePolicy(List.of(), Rule.silent("forks"), Rule.silent("builtInNodeAllowed"));

    /** Copies the list. */
    public CodePolicy {
        protectedPaths = List.copyOf(protectedPaths);
    }

    /**
     * Which rule protects a file.
     *
     * @param path below the repository, with forward slashes
     */
    public Optional<Rule<String>> protects(String path) {
        return protectedPaths.stream()
                .filter(each -> Glob.paths(String.valueOf(each.value())).matches(path))
                .findFirst();
    }

    /** Both at once: the stricter of each value. */
    CodePolicy and(CodePolicy inner) {
        return new CodePolicy(
                Rule.both(protectedPaths, inner.protectedPaths),
                forks.smaller(inner.forks),
                builtInNodeAllowed.smaller(inner.builtInNodeAllowed));
    }
}
