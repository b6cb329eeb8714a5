import { VueQueryPlugin } from "@tanstack/vue-query";
import "element-plus/dist/index.css";
import { createApp } from "vue";
import App from "./App.vue";
import { queryClient } from "./common/use/queries";
import { useElements } from "./elements";
import { router } from "./frame/routes";
import "./office.css";

const app = createApp(App).use(router).use(VueQueryPlugin, { queryClient });
useElements(app);
app.mount("#app");
