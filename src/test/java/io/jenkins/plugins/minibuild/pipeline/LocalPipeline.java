package io.jenkins.plugins.minibuild.pipeline;

import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import groovy.lang.GroovyShell;
import groovy.lang.Script;
import hudson.AbortException;
import io.jenkins.plugins.minibuild.process.ProcessRun;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import io.jenkins.plugins.minibuild.step.TaskStep;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;

/**
 * Runs a Jenkinsfile on this machine, without Jenkins: Declarative (agent, environment, options, parameters, stages,
 * steps, script, post) and scripted (node, stage), with echo, sh, error and the plugin's own steps. Not an engine for
 * production: it is what ./demo and the tests of the documentation's examples use.
 */
public final class LocalPipeline {
    /** One run of one of the plugin's steps. {@code result} is null when it failed. */
    public record StepRun(String name, Map<String, Object> result, Duration duration) {}

    private final LocalBuild build;
    private final Map<String, String> parameters = new HashMap<>();
    private final List<StepRun> stepRuns = new ArrayList<>();

    public LocalPipeline(LocalBuild build) {
        this.build = build;
    }

    public LocalPipeline parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** What its steps returned, in order. */
    public List<StepRun> stepRuns() {
        return stepRuns;
    }

    /**
     * Runs it to its end and logs as Jenkins does.
     *
     * @return whether it succeeded
     */
    public boolean run(String jenkinsfile) {
        PrintStream log = build.listener().getLogger();
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(PipelineScript.class.getName());
        Binding binding = new Binding();
        binding.setVariable("any", "any");
        binding.setVariable("none", "none");
        binding.setVariable("params", new HashMap<>(parameters));
        binding.setVariable("env", build.environment());
        parameters.forEach(build::env);
        log.println("Started by user demo");
        boolean succeeded = false;
        try {
            PipelineScript script =
                    (PipelineScript) new GroovyShell(LocalPipeline.class.getClassLoader(), binding, configuration)
                            .parse(jenkinsfile, "Jenkinsfile.groovy");
            script.pipeline = this;
            log.println("[Pipeline] Start of Pipeline");
            script.run();
            succeeded = true;
        } catch (Throwable failure) {
            Throwable cause = unwrap(failure);
            if (cause instanceof AbortException || cause instanceof IllegalArgumentException) {
                log.println("ERROR: " + cause.getMessage());
            } else {
                cause.printStackTrace(log);
            }
        }
        log.println("[Pipeline] End of Pipeline");
        log.println("Finished: " + (succeeded ? "SUCCESS" : "FAILURE"));
        return succeeded;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof Carrier ? failure.getCause() : failure;
    }

    private Object step(String name, Map<String, ?> arguments) {
        build.listener().getLogger().println("[Pipeline] " + name);
        long start = System.nanoTime();
        Map<String, Object> result = null;
        try {
            result = perform(StepRegistry.fromIndex().step(name, arguments));
            return result;
        } catch (IOException | InterruptedException e) {
            throw new Carrier(e);
        } finally {
            stepRuns.add(new StepRun(name, result, Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    private <R> Map<String, Object> perform(TaskStep<R> step) throws IOException, InterruptedException {
        return new LinkedHashMap<>(step.toReturnValue(step.task().run(build)));
    }

    private Object sh(Object argument) {
        String script = argument instanceof Map<?, ?> map ? map.get("script").toString() : argument.toString();
        boolean wantsOutput = argument instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("returnStdout"));
        StringBuilder output = new StringBuilder();
        PrintStream log = build.listener().getLogger();
        log.println("[Pipeline] sh");
        try {
            ProcessRun.shell(build.launcher(), script)
                    .in(build.workspace())
                    .env(build.environment())
                    .redactor(build.redactor())
                    .onLine(line -> {
                        if (wantsOutput) {
                            output.append(line).append('\n');
                        } else {
                            log.println(line);
                        }
                    })
                    .what("the script")
                    .runOrFail();
        } catch (IOException | InterruptedException e) {
            throw new Carrier(e);
        }
        return wantsOutput ? output.toString() : null;
    }

    /** Takes a checked exception through Groovy. */
    private static final class Carrier extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Carrier(Exception cause) {
            super(cause);
        }
    }

    /** The base of the compiled Jenkinsfile: its methods are the words of the language. */
    public abstract static class PipelineScript extends Script {
        private LocalPipeline pipeline;
        private Closure<?> post;

        public Object pipeline(Closure<?> body) {
            boolean succeeded = false;
            try {
                body.call();
                succeeded = true;
            } finally {
                if (post != null) {
                    after(succeeded);
                }
            }
            return null;
        }

        private void after(boolean succeeded) {
            Map<String, Closure<?>> conditions = new LinkedHashMap<>();
            post.setDelegate(new GroovyObjectSupport() {
                @Override
                public Object invokeMethod(String name, Object arguments) {
                    conditions.put(name, (Closure<?>) ((Object[]) arguments)[0]);
                    return null;
                }
            });
            post.setResolveStrategy(Closure.DELEGATE_ONLY);
            post.call();
            conditions.forEach((name, body) -> {
                if (name.equals("always") || name.equals(succeeded ? "success" : "failure")) {
                    body.call();
                }
            });
        }

        public Object post(Closure<?> body) {
            post = body;
            return null;
        }

        public Object agent(Object where) {
            return null;
        }

        public Object options(Closure<?> body) {
            return null;
        }

        public Object parameters(Closure<?> body) {
            return null;
        }

        public Object environment(Closure<?> body) {
            Map<String, Object> variables = new LinkedHashMap<>();
            body.setDelegate(variables);
            body.setResolveStrategy(Closure.DELEGATE_FIRST);
            body.call();
            variables.forEach((name, value) -> {
                pipeline.build.env(name, String.valueOf(value));
                getBinding().setVariable(name, value);
            });
            return null;
        }

        public Object stages(Closure<?> body) {
            return body.call();
        }

        public Object steps(Closure<?> body) {
            return body.call();
        }

        public Object script(Closure<?> body) {
            return body.call();
        }

        public Object node(Closure<?> body) {
            return block("node", "", body);
        }

        public Object node(String label, Closure<?> body) {
            return block("node", "", body);
        }

        public Object stage(String name, Closure<?> body) {
            return block("stage", " (" + name + ")", body);
        }

        /** Here nobody else asks for a slot. */
        public Object miniBuildLimits(Closure<?> body) {
            return block("miniBuildLimits", "", body);
        }

        public Object miniBuildLimits(Map<String, ?> arguments, Closure<?> body) {
            return block("miniBuildLimits", "", body);
        }

        private Object block(String name, String label, Closure<?> body) {
            PrintStream log = pipeline.build.listener().getLogger();
            log.println("[Pipeline] " + name);
            log.println("[Pipeline] {" + label);
            try {
                return body.call();
            } finally {
                log.println("[Pipeline] }");
                log.println("[Pipeline] // " + name);
            }
        }

        public Object echo(Object message) {
            PrintStream log = pipeline.build.listener().getLogger();
            log.println("[Pipeline] echo");
            log.println(message);
            return null;
        }

        public Object sh(Object argument) {
            return pipeline.sh(argument);
        }

        public Object error(String message) {
            throw new Carrier(new AbortException(message));
        }

        @Override
        @SuppressWarnings("unchecked")
        public Object invokeMethod(String name, Object arguments) {
            Object[] list = (Object[]) arguments;
            if (StepRegistry.fromIndex().names().contains(name)) {
                if (list.length > 1 || list.length == 1 && !(list[0] instanceof Map)) {
                    throw new IllegalArgumentException("Expected named arguments but got " + List.of(list));
                }
                return pipeline.step(name, list.length == 0 ? Map.of() : (Map<String, ?>) list[0]);
            }
            return super.invokeMethod(name, arguments);
        }
    }
}
