package io.jenkins.plugins.minibuild.access;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import java.util.ArrayList;
import java.util.List;

/** Finds the policy that holds for a job or a folder. Reads no file; any thread may call it. */
public final class PoliciesAdapter {
    private PoliciesAdapter() {}

    /**
     * The policy of the administrators and of all folders around the item together; of the item itself too if it is a folder.
     *
     * @param item null for that of the administrators alone
     */
    public static Policy of(@CheckForNull Item item) {
        Policy policy = PoliciesConfiguration.get().policyFor(item == null ? "" : item.getFullName());
        List<ItemGroup<?>> folders = new ArrayList<>();
        ItemGroup<?> group = item instanceof ItemGroup<?> folder ? folder : item == null ? null : item.getParent();
        while (group instanceof Item folder) {
            folders.add(0, group);
            group = folder.getParent();
        }
        for (ItemGroup<?> folder : folders) {
            for (FolderPoliciesFactory each : ExtensionList.lookup(FolderPoliciesFactory.class)) {
                policy = each.of(folder).map(policy::and).orElse(policy);
            }
        }
        return policy;
    }
}
