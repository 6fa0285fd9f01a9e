package io.jenkins.plugins.minibuild.step;

import java.util.List;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * A section of Jenkins' system configuration that has lists. The browser leaves a list out of the form when its last row was deleted; this
 * class puts the empty list back, so that the setter is called. A refused value is shown as {@link FormAdapter#bound} does.
 */
public abstract class SectionConfiguration extends GlobalConfiguration {
    private final transient List<String> lists;

    /**
     * Makes a section.
     *
     * @param lists the names of the fields that are lists
     */
    protected SectionConfiguration(String... lists) {
        this.lists = List.of(lists);
    }

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        for (String list : lists) {
            if (!json.has(list)) {
                json.put(list, new JSONArray());
            }
        }
        return FormAdapter.bound(() -> super.configure(req, json));
    }
}
