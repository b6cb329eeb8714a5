import * as kit from "element-plus";
import type { App } from "vue";

/** The Element Plus components that pages use. One that is used and missing here fails elements.test.ts. */
export const ELEMENTS = {
  ElAlert: kit.ElAlert,
  ElButton: kit.ElButton,
  ElCheckbox: kit.ElCheckbox,
  ElCheckboxGroup: kit.ElCheckboxGroup,
  ElConfigProvider: kit.ElConfigProvider,
  ElDatePicker: kit.ElDatePicker,
  ElDescriptions: kit.ElDescriptions,
  ElDescriptionsItem: kit.ElDescriptionsItem,
  ElDialog: kit.ElDialog,
  ElDrawer: kit.ElDrawer,
  ElForm: kit.ElForm,
  ElFormItem: kit.ElFormItem,
  ElImage: kit.ElImage,
  ElImageViewer: kit.ElImageViewer,
  ElInput: kit.ElInput,
  ElInputNumber: kit.ElInputNumber,
  ElOption: kit.ElOption,
  ElProgress: kit.ElProgress,
  ElRadio: kit.ElRadio,
  ElRadioButton: kit.ElRadioButton,
  ElRadioGroup: kit.ElRadioGroup,
  ElSelect: kit.ElSelect,
  ElStep: kit.ElStep,
  ElSteps: kit.ElSteps,
  ElTabPane: kit.ElTabPane,
  ElTable: kit.ElTable,
  ElTableColumn: kit.ElTableColumn,
  ElTabs: kit.ElTabs,
  ElTag: kit.ElTag,
  ElTimeline: kit.ElTimeline,
  ElTimelineItem: kit.ElTimelineItem,
  ElTooltip: kit.ElTooltip,
  ElUpload: kit.ElUpload,
};

export function useElements(app: App): void {
  for (const [name, component] of Object.entries(ELEMENTS)) app.component(name, component);
  app.directive("loading", kit.vLoading);
}
