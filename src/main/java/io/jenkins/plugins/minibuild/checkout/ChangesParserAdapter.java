package io.jenkins.plugins.minibuild.checkout;

import hudson.model.Run;
import hudson.scm.ChangeLogParser;
import hudson.scm.ChangeLogSet;
import hudson.scm.RepositoryBrowser;
import io.jenkins.plugins.minibuild.files.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Reads the list of changes of a build. */
final class ChangesParserAdapter extends ChangeLogParser {
    @Override
    @SuppressWarnings("rawtypes") // as declared by Jenkins
    public ChangeLogSet<? extends ChangeLogSet.Entry> parse(Run build, RepositoryBrowser<?> browser, File changelogFile)
            throws IOException {
        Run<?, ?> run = build;
        byte[] content = Files.readAllBytes(changelogFile.toPath());
        return new ChangesAdapter(run, browser, List.of(Json.MAPPER.readValue(content, ListedCommit[].class)));
    }
}
