package io.jenkins.plugins.minibuild.workflow.place;

import io.jenkins.plugins.minibuild.process.AgentAnswer;
import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import jenkins.security.MasterToSlaveCallable;

/**
 * What machine an agent is, in go-idp's words.
 *
 * @param os such as {@code linux}, {@code darwin}, {@code windows}
 * @param arch such as {@code amd64}, {@code arm64}
 * @param user as whom the agent runs
 */
record MachineFacts(String os, String arch, String user) implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 100;

    /** Checks what may come from an agent. */
    MachineFacts {
        AgentAnswer.text("os", os, LONGEST);
        AgentAnswer.text("arch", arch, LONGEST);
        AgentAnswer.text("user", user, LONGEST);
    }

    /** Asks an agent. */
    static final class Look extends MasterToSlaveCallable<MachineFacts, IOException> {
        private static final long serialVersionUID = 1L;

        @Override
        public MachineFacts call() {
            String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
            String arch = System.getProperty("os.arch", "");
            return new MachineFacts(
                    os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : os,
                    switch (arch) {
                        case "x86_64" -> "amd64";
                        case "aarch64" -> "arm64";
                        default -> arch;
                    },
                    System.getProperty("user.name", ""));
        }
    }
}
