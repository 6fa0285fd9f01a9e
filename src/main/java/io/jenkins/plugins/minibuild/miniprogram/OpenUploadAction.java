package io.jenkins.plugins.minibuild.miniprogram;

import hudson.model.InvisibleAction;
import java.util.List;

/** Shows on the page of a build that has ended which versions may or may not have reached WeChat. */
public final class OpenUploadAction extends InvisibleAction {
    private final List<OpenUpload> open;

    OpenUploadAction(List<OpenUpload> open) {
        this.open = List.copyOf(open);
    }

    /** One sentence or more for each version. */
    public List<String> getLines() {
        return open.stream().map(OpenUpload::shown).toList();
    }
}
