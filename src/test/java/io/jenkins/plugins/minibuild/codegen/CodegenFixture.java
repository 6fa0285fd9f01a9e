package io.jenkins.plugins.minibuild.codegen;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.claude.ClaudeFixture;
import io.jenkins.plugins.minibuild.pipeline.StepRegistry;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.standin.ModelService.Turn;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** As {@link ClaudeFixture}, its project in the repository {@code acme/shop} of Gitee, and what {@code claudeCodegen} is to be given. */
public final class CodegenFixture implements AutoCloseable {
    public static final String TOKEN = "f3c1a9b8e7d6f5c4b3a2918070605040";

    public final ClaudeFixture claude;
    final GiteeService gitee;
    final Path shop;
    public final Map<String, Object> arguments = new LinkedHashMap<>();

    public CodegenFixture(Path root) throws Exception {
        claude = new ClaudeFixture(root);
        gitee = GiteeService.start(root.resolve("gitee"));
        gitee.addToken(TOKEN, "acme", "projects");
        shop = gitee.createRepository("acme", "shop", true);
        GiteeService.commit(shop, claude.workspace, "main", "First");
        new hudson.FilePath(claude.workspace.toFile()).deleteContents();
        claude.build.with((Object) gitee.known());
        claude.build.with(new StringCredentialsImpl(CredentialsScope.GLOBAL, "gitee", "", Secret.fromString(TOKEN)));
        arguments.put("requirement", Map.of("title", "Three is a", "id", "7", "description", "a has to be 3"));
        arguments.put("url", gitee.gitUrl("acme", "shop"));
        arguments.put("gitCredentialsId", "gitee");
    }

    public CodegenResult run() throws Exception {
        return ((ClaudeCodegenStep) StepRegistry.fromIndex().step("claudeCodegen", arguments))
                .task()
                .run(claude.build);
    }

    /** What git says of the repository at Gitee. */
    public String remote(String... command) throws Exception {
        return GiteeService.output(shop, command);
    }

    static Turn edit(String before, String after) {
        return Turn.tool("Edit", Map.of("file_path", "src/app.js", "old_string", before, "new_string", after));
    }

    static Turn read() {
        return Turn.tool("Read", Map.of("file_path", "src/app.js"));
    }

    @Override
    public void close() {
        gitee.close();
        claude.close();
    }
}
