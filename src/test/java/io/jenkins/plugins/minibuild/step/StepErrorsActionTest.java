package io.jenkins.plugins.minibuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the page of a failed build says. */
class StepErrorsActionTest {
    private final StepErrorsAction action = new StepErrorsAction();

    @Test
    void causeAndRemedyAreKeptAsTheLogHasThem() {
        action.add("miniprogramUpload", "The key is not that of wx1.\nChoose another credential.\n");
        action.add("miniprogramUpload", "The key is not that of wx1.\nChoose another credential.");
        action.add("aiReview", null);

        StepErrorsAction shown = stored();

        assertThat(shown.getErrors())
                .extracting(StepErrorsAction.StepError::getStep)
                .containsExactly("miniprogramUpload", "aiReview");
        assertThat(shown.getErrors().get(0).getLines())
                .containsExactly("The key is not that of wx1.", "Choose another credential.");
        assertThat(shown.getErrors().get(1).getLines()).isEmpty();
    }

    @Test
    void parallelStepsAndEndlessTextsAreNoTrouble() {
        IntStream.range(0, 200).parallel().forEach(i -> action.add("step" + i, "x".repeat(100_000)));

        assertThat(stored().getErrors())
                .hasSize(50)
                .allSatisfy(each -> assertThat(each.getText().length()).isLessThan(9000));
    }

    private StepErrorsAction stored() {
        XStream xstream = new XStream();
        xstream.addPermission(AnyTypePermission.ANY);
        xstream.allowTypesByWildcard(new String[] {"**"});
        return (StepErrorsAction) xstream.fromXML(xstream.toXML(action));
    }
}
