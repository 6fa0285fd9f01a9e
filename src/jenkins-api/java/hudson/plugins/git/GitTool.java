package hudson.plugins.git;

import hudson.tools.ToolInstallation;
import hudson.tools.ToolProperty;
import java.util.List;

/** The git command that an admin has configured. */
public class GitTool extends ToolInstallation {
    private static final long serialVersionUID = 1L;

    public GitTool(String name, String home, List<? extends ToolProperty<?>> properties) {
        super(name, home, properties);
    }

    public String getGitExe() {
        return getHome();
    }
}
