package io.jenkins.plugins.minibuild.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.thoughtworks.xstream.converters.reflection.SunUnsafeReflectionProvider;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.notify.Contact;
import java.io.IOException;
import java.lang.reflect.Field;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;

/** The script of a job, which generated code must not change, wherever it stands. */
class JobScriptFactoryTest {
    @SuppressWarnings("rawtypes") // as Jenkins declares builds of any job
    private static final class Build extends Run {
        private Job job;

        @SuppressWarnings("unchecked")
        private Build() throws IOException {
            super((Job) null);
        }

        @Override
        public Job getParent() {
            return job;
        }
    }

    /** The constructors of a job and a build need a whole Jenkins, so that they are not called. */
    private static Run<?, ?> build(FlowDefinition definition) throws ReflectiveOperationException {
        SunUnsafeReflectionProvider unmade = new SunUnsafeReflectionProvider();
        WorkflowJob job = (WorkflowJob) unmade.newInstance(WorkflowJob.class);
        // Its setter would store the job.
        Field field = WorkflowJob.class.getDeclaredField("definition");
        field.setAccessible(true);
        field.set(job, definition);
        Build build = (Build) unmade.newInstance(Build.class);
        build.job = job;
        return build;
    }

    @Test
    void aScriptInTheRepositoryIsKnownByItsPath() throws Exception {
        Run<?, ?> build = build(new CpsScmFlowDefinition(null, " ci/release.pipeline"));
        assertThat(new JobScriptFactory().of(build, JobScript.class))
                .containsExactly(new JobScript("ci/release.pipeline"));
        assertThat(new JobScriptFactory().of(build, Contact.class)).isEmpty();
    }

    @Test
    void aScriptOfTheJobItselfAndAFormHaveNone() throws Exception {
        CpsFlowDefinition ofTheJob =
                (CpsFlowDefinition) new SunUnsafeReflectionProvider().newInstance(CpsFlowDefinition.class);
        assertThat(new JobScriptFactory().of(build(ofTheJob), JobScript.class)).isEmpty();
        assertThat(new JobScriptFactory().of(null, JobScript.class)).isEmpty();
    }
}
