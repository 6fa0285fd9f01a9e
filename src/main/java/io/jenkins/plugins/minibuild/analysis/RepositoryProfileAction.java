package io.jenkins.plugins.minibuild.analysis;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.CodeAdapter;
import io.jenkins.plugins.minibuild.claude.ClaudeRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The profile of a repository on the page of the build, and in its API. */
@ExportedBean
public final class RepositoryProfileAction implements RunAction2 {
    /** As JSON: XStream would write the parts in a form that a later version of the plugin may not read. */
    private final String profile;

    private final String commit;
    private final String artifact;
    private final double cost;
    private final int turns;
    private final boolean cached;

    private transient Run<?, ?> run;

    RepositoryProfileAction(RepositoryAnalysis.Result result) {
        profile = result.profile().toJson();
        commit = result.commit();
        artifact = result.artifact();
        cost = result.dollars();
        turns = result.turns();
        cached = result.cached();
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** The build. */
    public Run<?, ?> getRun() {
        return run;
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return Messages.RepositoryProfileAction_displayName();
    }

    @Override
    public String getUrlName() {
        return null;
    }

    /** Whether the reader may see what the model wrote. */
    public boolean isCode() {
        return CodeAdapter.maySee(run);
    }

    /** Null when the stored profile cannot be read, and for a user who may not see code. */
    @CheckForNull
    private RepositoryProfile profile() {
        if (!isCode()) {
            return null;
        }
        try {
            return RepositoryProfile.parse(profile);
        } catch (RepositoryProfile.InvalidException e) {
            return null;
        }
    }

    /** The commit's id; empty when the folder was no clean checkout. */
    @Exported
    public String getCommit() {
        return commit;
    }

    /** The profile's path among the artifacts. */
    @Exported
    public String getArtifact() {
        return artifact;
    }

    /** US dollars, formatted. */
    @Exported
    public String getCost() {
        return ClaudeRun.dollars(cost);
    }

    /** How often the model answered. */
    @Exported
    public int getTurns() {
        return turns;
    }

    /** Whether the profile came from the cache. */
    @Exported
    public boolean isCached() {
        return cached;
    }

    /** The parts, from path to description. */
    public Map<String, String> getModules() {
        Map<String, String> shown = new LinkedHashMap<>();
        RepositoryProfile read = profile();
        if (read != null) {
            read.modules().forEach(each -> shown.put(each.path() + " (" + each.files() + ")", each.description()));
        }
        return shown;
    }

    /** Folders, from path to purpose. */
    public Map<String, String> getPlaces() {
        Map<String, String> shown = new LinkedHashMap<>();
        RepositoryProfile read = profile();
        if (read != null) {
            read.directoryStructure().forEach(each -> shown.put(each.path(), each.purpose()));
        }
        return shown;
    }

    /** Languages, frameworks and tools. */
    public String getTechStack() {
        RepositoryProfile read = profile();
        return read == null ? "" : String.join(", ", read.techStack());
    }

    /** Where execution begins. */
    public String getEntryPoints() {
        RepositoryProfile read = profile();
        return read == null ? "" : String.join(", ", read.entryPoints());
    }

    /** Naming, errors and tests: three texts. */
    public List<String> getStyle() {
        RepositoryProfile read = profile();
        return read == null
                ? List.of("", "", "")
                : List.of(
                        read.codeStyle().naming(),
                        read.codeStyle().errorHandling(),
                        read.codeStyle().testFramework());
    }

    /** How it is built and tested, a command each. */
    public List<String> getCommands() {
        RepositoryProfile read = profile();
        if (read == null) {
            return List.of();
        }
        return Stream.concat(read.buildCommands().stream(), read.testCommands().stream())
                .distinct()
                .toList();
    }
}
